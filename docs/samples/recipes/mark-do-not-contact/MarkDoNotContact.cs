// Marks a number do-not-contact in every record of the borrower that has it.
// If it fails, run it again, and don't dial the number in the meantime.
// Needs Newtonsoft.Json: dotnet add package Newtonsoft.Json
using System;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

class MarkDoNotContact
{
    // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
    static string url = Environment.GetEnvironmentVariable("RECOVERYCONNECT_URL") ?? "http://127.0.0.1:4020";
    static string token = Environment.GetEnvironmentVariable("RECOVERYCONNECT_TOKEN") ?? "demo";
    // A redirect could take the request to another host.
    static HttpClient client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    static int Main()
    {
        var phones = "/api/v140/orders/57062885/borrowers/124927241/phones";
        var number = "6789321578";
        var list = Send(HttpMethod.Get, phones);
        // A list with anything beside "data" can be one page of several.
        if (list.Count > 1) return Fail(list.ToString());

        var found = 0;
        foreach (var phone in list["data"])
        {
            if (!Regex.Replace((string)phone["number"] ?? "", "[^0-9]", "").Contains(number)) continue;
            var response = Send(HttpMethod.Put, phones + "/" + phone["id"], "{\"no_contact\": 1}");
            if (!JToken.DeepEquals(response["data"]["no_contact"], 1)) return Fail(response.ToString());
            Console.WriteLine(phone["id"] + " is marked do-not-contact");
            found++;
        }
        return found > 0 ? 0 : Fail("No record has this number.");
    }

    static JObject Send(HttpMethod method, string path, string body = null)
    {
        var request = new HttpRequestMessage(method, url + path);
        request.Headers.Add("Authorization", "Bearer " + token);
        request.Headers.Add("Accept", "application/json");
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
