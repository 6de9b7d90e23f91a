// Creates a phone, unless the borrower has a record with the number.
// If it fails, wait half a minute and run it again: it looks for the record first.
// Needs Newtonsoft.Json: dotnet add package Newtonsoft.Json
using System;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

class CreateWithoutDuplicates
{
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    static string url = Environment.GetEnvironmentVariable("RECOVERYCONNECT_URL") ?? "http://127.0.0.1:4020";
    static string token = Environment.GetEnvironmentVariable("RECOVERYCONNECT_TOKEN") ?? "demo";
    static string phones = "/api/v140/orders/57062885/borrowers/124927241/phones";
    // A redirect could take the request to another host.
    static HttpClient client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    static int Main()
    {
        var number = "2025550143";
        var list = Send(HttpMethod.Get);
        // A list with anything beside "data" can be one page of several.
        if (list.Count > 1) return Fail(list.ToString());
        JToken unclear = null;
        foreach (var phone in list["data"])
        {
            var digits = Regex.Replace((string)phone["number"] ?? "", @"[ ().+-]", "");
            var ten = Regex.Match(digits, @"^1?([2-9][0-9]{9})\z").Groups[1].Value;
            // A number that is masked, partial or otherwise not ten digits can be this one.
            if (ten == "") unclear = phone["id"];
            if (ten != number) continue;
            Console.WriteLine("stored already as " + phone["id"]);
            return 0;
        }
        if (unclear != null) return Fail("check by hand: " + unclear);

        var body = "{\"type\": 6, \"number\": \"" + number + "\", \"valid\": 1, \"no_contact\": 0}";
        var created = Send(HttpMethod.Post, body)["data"];
        if (!JToken.DeepEquals(created["valid"], 1) || !JToken.DeepEquals(created["no_contact"], 0))
            return Fail("Don't dial. The API stored other flags: " + created);
        Console.WriteLine("stored as " + created["id"]);
        return 0;
    }

    static JObject Send(HttpMethod method, string body = null)
    {
        var request = new HttpRequestMessage(method, url + phones);
        request.Headers.Add("Authorization", "Bearer " + token);
        request.Headers.Add("Accept", "application/json");
        // If a connection that was used before breaks, a create could be sent twice.
        request.Headers.ConnectionClose = true;
        if (body != null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        var response = client.SendAsync(request).Result;
        var text = response.Content.ReadAsStringAsync().Result;
        if (!response.IsSuccessStatusCode) Environment.Exit(Fail(text));
        return JObject.Parse(text);
    }

    static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }
}
