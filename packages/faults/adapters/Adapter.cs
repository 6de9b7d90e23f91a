using System;
using System.Net.Http;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

class Adapter {
    static void Main() { Run().GetAwaiter().GetResult(); }
    static async Task Run() {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        for (var line = Console.ReadLine(); line != null; line = Console.ReadLine()) {
            Func<string, string> text = name => // Use a JSON library, if you have one.
                Regex.Match(line, "\"" + name + "\":\"?(\\{.*?\\}|[^\",}]*)").Groups[1].Value;
            var request = new HttpRequestMessage(new HttpMethod(text("method")), text("base_url") + text("path"));
            request.Headers.Add("Accept", "application/json");
            request.Headers.Add("Authorization", "Bearer " + text("token"));
            if (text("body") != "") request.Content = new StringContent(text("body"), null, "application/json");
            var deadline = new CancellationTokenSource(int.Parse(text("deadline_ms")));
            string outcome = "ok", output = "";
            try { // Call your client here.
                if (!(await client.SendAsync(request, deadline.Token)).IsSuccessStatusCode) outcome = "error";
            } catch (Exception error) {
                outcome = error is TaskCanceledException ? "timeout" : "connection";
                output = Regex.Replace(error.Message, "[^ !#-\\[\\]-~]", "'");
            }
            Console.WriteLine($"{{\"id\":\"{text("id")}\",\"outcome\":\"{outcome}\",\"output\":\"{output}\"}}");
        }
    }
}
