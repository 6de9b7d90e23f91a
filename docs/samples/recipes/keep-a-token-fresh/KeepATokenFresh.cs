// Counts the phones of each borrower of an order. Logs in once, and again when the token expires.
// Needs Newtonsoft.Json: dotnet add package Newtonsoft.Json
using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using Newtonsoft.Json.Linq;

class KeepATokenFresh
{
    // A redirect could take the request to another host.
    static HttpClient client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };
    static string token;
    static DateTime renewAt;

    static void Main()
    {
        var borrowers = "/api/v140/orders/57062885/borrowers";
        foreach (var borrower in Get(borrowers)["data"])
        {
            var phones = Get(borrowers + "/" + borrower["id"] + "/phones")["data"];
            Console.WriteLine(borrower["id"] + ": " + phones.Count() + " phones");
        }
    }

    static JObject Get(string path)
    {
        if (DateTime.UtcNow >= renewAt) LogIn();
        var response = Send(HttpMethod.Get, path);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            LogIn();
            response = Send(HttpMethod.Get, path);
        }
        return Read(response);
    }

    /// <summary>Programs with threads let one of them log in, and the others wait for it.</summary>
    static void LogIn()
    {
        token = null;
        // The local sandbox accepts every account.
        var account = new JObject
        {
            { "username", Environment.GetEnvironmentVariable("RECOVERYCONNECT_USERNAME") ?? "example-user" },
            { "password", Environment.GetEnvironmentVariable("RECOVERYCONNECT_PASSWORD") ?? "example-password" },
        };
        // Ends the program if the login fails. Logging in again with a wrong password might lock the account.
        var login = Read(Send(HttpMethod.Post, "/api/v140/auth", account.ToString()));
        token = (string)login["access_token"];
        // A minute before the token expires, but not before half of its time
        var seconds = (double)login["expires_in"];
        renewAt = DateTime.UtcNow.AddSeconds(Math.Max(seconds - 60, seconds / 2));
    }

    static HttpResponseMessage Send(HttpMethod method, string path, string body = null)
    {
        // For production, set RECOVERYCONNECT_URL to https://api.mbsisystems.com.
        var url = Environment.GetEnvironmentVariable("RECOVERYCONNECT_URL") ?? "http://127.0.0.1:4020";
        var request = new HttpRequestMessage(method, url + path);
        request.Headers.Add("Accept", "application/json");
        if (token != null) request.Headers.Add("Authorization", "Bearer " + token);
        if (body != null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return client.SendAsync(request).Result;
    }

    static JObject Read(HttpResponseMessage response)
    {
        var text = response.Content.ReadAsStringAsync().Result;
        if (response.IsSuccessStatusCode) return JObject.Parse(text);
        Console.Error.WriteLine(text);
        Environment.Exit(1);
        return null;
    }
}
